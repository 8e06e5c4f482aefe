using System.Security.Cryptography;
using System.Text;
using NotifyGateway.Core.Protocols.Irc;
using NotifyGateway.Core.Protocols.Sasl;
using NotifyGateway.Tests.Support;

namespace NotifyGateway.Tests.Protocols.Irc;

/// <summary>What conversations about SASL have in common: the account is <c>user</c>, its password <c>pencil</c>, as in RFC 7677.</summary>
internal static class SaslConversation
{
    public const string Hello = """
        start
        client: CAP LS 302
        client: NICK bot
        client: USER bot 0 * bot

        """;

    public const string LoggedIn = """
        server: :irc.test 900 bot bot!bot@host.test bot :You are now logged in as bot
        server: :irc.test 903 bot :SASL authentication successful
        client: CAP END

        """;

    public const string Welcome = """
        server: :irc.test 001 bot :Welcome
        client: USERHOST bot
        client: PING 0
        server: :irc.test 376 bot :End
        expect ready bot

        """;

    // The exchange of RFC 7677, section 3.
    public const string ClientFirst = "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=";
    public const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    public static readonly string ServerFirst = Base64("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    public static readonly string ClientFinal = Base64("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    public static readonly string ServerFinal = Base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");

    public static Func<IReadOnlyList<ISaslMechanism>> Plain() => () => [new SaslPlain("user", "pencil")];

    public static Func<IReadOnlyList<ISaslMechanism>> Auto() =>
        () => [new SaslScram(HashAlgorithmName.SHA256, "user", "pencil", Nonce, ChannelBinding.None), new SaslPlain("user", "pencil")];

    public static string Offered(string offer) => Hello + $"""
        server: :irc.test CAP * LS :multi-prefix {offer}
        client: CAP REQ sasl
        server: :irc.test CAP * ACK :sasl

        """;

    public static void Play(string script, Func<IReadOnlyList<ISaslMechanism>> mechanisms, bool required = true) => IrcTranscript.Play(script, Options(mechanisms, required));

    public static IrcClientOptions Options(Func<IReadOnlyList<ISaslMechanism>> mechanisms, bool required = true) =>
        IrcTranscript.Options with { Sasl = new IrcSaslOptions(mechanisms, required, "pencil") };

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
