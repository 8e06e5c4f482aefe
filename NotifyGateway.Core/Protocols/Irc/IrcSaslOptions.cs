using NotifyGateway.Core.Protocols.Sasl;

namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>Login by SASL, as one connection needs it.</summary>
/// <param name="Mechanisms">Makes what may be tried, strongest first, for one attempt.</param>
/// <param name="Required">Without a login the connection ends.</param>
/// <param name="Password">Only so that it is never shown; null: there is none.</param>
internal sealed record IrcSaslOptions(Func<IReadOnlyList<ISaslMechanism>> Mechanisms, bool Required, string? Password)
{
    /// <summary>Without its values: a record's own text would show the password.</summary>
    public override string ToString() => nameof(IrcSaslOptions);
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
