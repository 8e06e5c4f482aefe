using System.Text;

namespace NotifyGateway.Core.Protocols.Sasl;

/// <summary>
/// PLAIN (RFC 4616): one message, <c>NUL account NUL password</c>. Both go as they are, in UTF-8: preparing them is the server's part
/// (section 2). Fit only for a connection that nobody else can read.
/// </summary>
internal sealed class SaslPlain(string account, string password) : ISaslMechanism
{
    public string Name => "PLAIN";

    public bool ByPassword => true;

    public bool Proved { get; private set; }

    public bool Complete => Proved;

    public SaslStep Begin()
    {
        if (account.Contains('\0', StringComparison.Ordinal) || password.Contains('\0', StringComparison.Ordinal))
        {
            return SaslStep.Aborted("PLAIN carries no account or password that holds NUL");
        }

        Proved = true;
        return new SaslStep(Encoding.UTF8.GetBytes($"\0{account}\0{password}"));
    }

    public SaslStep Answer(ReadOnlySpan<byte> challenge) => SaslStep.Aborted("the server asks for more than PLAIN has");
}
