using System.Text;

namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>EXTERNAL (RFC 4422, appendix A): the certificate of the TLS handshake has said who we are.</summary>
/// <param name="identity">Whom we want to act as; null: whoever the certificate belongs to.</param>
internal sealed class SaslExternal(string? identity) : ISaslMechanism
{
    public string Name => "EXTERNAL";

    public bool ByPassword => false;

    public bool Proved { get; private set; }

    public bool Complete => Proved;

    public SaslStep Begin()
    {
        Proved = true;
        return new SaslStep(Encoding.UTF8.GetBytes(identity ?? ""));
    }

    public SaslStep Answer(ReadOnlySpan<byte> challenge) => SaslStep.Aborted("the server asks for more than EXTERNAL has");
}
