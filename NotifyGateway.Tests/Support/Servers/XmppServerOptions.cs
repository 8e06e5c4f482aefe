namespace NotifyGateway.Tests.Support.Servers;

/// <summary>How a test wants its XMPP server, whichever it is.</summary>
/// <param name="Certificate">What <c>localhost</c> shows.</param>
internal sealed record XmppServerOptions(TestCertificate Certificate)
{
    /// <summary>A name and a password for each; a name without a domain is one of <c>localhost</c>.</summary>
    public IReadOnlyList<(string Name, string Password)> Accounts { get; init; } = [];

    /// <summary>Domains besides <c>localhost</c>, and what they show.</summary>
    public IReadOnlyList<(string Name, TestCertificate Certificate)> Domains { get; init; } = [];

    /// <summary>The longest stanza that it takes, in bytes. RFC 6120 wants 10,000 at least.</summary>
    public int MaxStanza { get; init; } = 65_536;
}
