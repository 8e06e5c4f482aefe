using NotifyGateway.Core.Protocols.Sasl;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Login by SASL, as the connections of one session need it, one after the other.</summary>
/// <param name="mechanisms">Makes what may be tried, strongest first, for one attempt.</param>
/// <param name="required">Without a login the connection ends.</param>
/// <param name="password">Only so that it is never shown; null: there is none.</param>
internal sealed class IrcSaslOptions(Func<IReadOnlyList<ISaslMechanism>> mechanisms, bool required, string? password)
{
    public Func<IReadOnlyList<ISaslMechanism>> Mechanisms { get; } = mechanisms;

    public bool Required { get; } = required;

    public string? Password { get; } = password;

    /// <summary>
    /// True once a connection has logged in. A server that offers no SASL then, after a restart, waits for its services: trouble that passes,
    /// and not a configuration that cannot work.
    /// </summary>
    public bool HasWorked { get; set; }
}

/// <summary>Login by services that have a nick.</summary>
/// <param name="Service">The nick of the service; the password goes to nobody else.</param>
/// <param name="Account">The account; null: the one that is named like our nick.</param>
/// <param name="Regain">Whether our nick is taken back from whoever has it.</param>
internal sealed record IrcNickServOptions(string Service, string? Account, string Password, bool Regain)
{
    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => nameof(IrcNickServOptions);
}
