namespace NotifyGateway.Tests.Support.Servers;

/// <summary>
/// A real XMPP server for the domain <c>localhost</c>, with rooms at <c>conference.localhost</c>. It takes logins only under TLS, and keeps a broken
/// stream for half a minute.
/// </summary>
internal abstract class XmppServer(XmppServerOptions options) : RealServer
{
    public const string Domain = "localhost";
    public const string Rooms = "conference.localhost";

    /// <summary>Seconds that a broken stream can be taken up again.</summary>
    protected const int ResumptionTime = 30;

    /// <summary>TLS 1.3 from the first byte. At <see cref="RealServer.Port"/> it is STARTTLS with TLS 1.2.</summary>
    public int DirectPort { get; } = FreePort.Next();

    /// <summary>What it has logged.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>How many broken streams were taken up again.</summary>
    public abstract int Resumptions { get; }

    /// <summary>The software of all servers that there are.</summary>
    public static IReadOnlyList<string> AllSoftware { get; } = [ProsodyServer.Name, EjabberdServer.Name];

    protected XmppServerOptions Options => options;

    protected override ReadOnlyMemory<byte> Hello { get; } =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"u8.ToArray();

    /// <summary>Every domain, with what it shows.</summary>
    protected IEnumerable<(string Name, TestCertificate Certificate)> Domains => [(Domain, options.Certificate), .. options.Domains];

    /// <summary>Every account, with its domain.</summary>
    protected IEnumerable<(string Name, string Domain, string Password)> Accounts => options.Accounts
        .Select(a => a.Name.Split('@') is [var name, var domain] ? (name, domain, a.Password) : (a.Name, Domain, a.Password));

    protected abstract string LogFile { get; }

    /// <summary>A server that is not up yet: its port refuses connections.</summary>
    public static XmppServer Prepare(string software, XmppServerOptions options) => software switch
    {
        ProsodyServer.Name => new ProsodyServer(options),
        EjabberdServer.Name => new EjabberdServer(options),
        _ => throw new ArgumentOutOfRangeException(nameof(software), software, "no such server"),
    };

    /// <summary>A server that answers.</summary>
    public static async Task<XmppServer> StartAsync(string software, XmppServerOptions options)
    {
        var server = Prepare(software, options);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>The mechanisms by which an account has logged in, one for each login. Servers take their time to write their logs.</summary>
    /// <param name="account">With its domain.</param>
    public abstract IReadOnlyList<string> Mechanisms(string account);
}
