using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>One configured IRC network.</summary>
internal sealed class IrcOptionsValidator : IrcSessionOptionsValidator<IrcOptions>
{
    public IrcOptionsValidator()
    {
        this.Text(nameof(IrcOptions.Server), x => x.Server, WrongServer);
        RuleFor(x => x.Port).Between(1, 65535);
        this.Text(nameof(IrcOptions.Nick), x => x.Nick, IrcWords.WrongNick);
        this.Listed(nameof(IrcOptions.Channels), x => x.Channels, () => new IrcChannelOptionsValidator());
        this.Texts(nameof(IrcOptions.Users), x => x.Users, IrcWords.WrongNick);
        this.Texts(nameof(IrcOptions.DefaultChannels), x => x.DefaultChannels, IrcWords.WrongChannel);
        this.Texts(nameof(IrcOptions.DefaultUsers), x => x.DefaultUsers, IrcWords.WrongNick);
        RuleFor(x => x).Custom(ChannelsAreListedOnce);
        RuleFor(x => x).Custom(DefaultsCanBeReached);
        RuleFor(x => x).Custom(PasswordsAreNotSentInClear);
        RuleFor(x => x).Custom((x, context) => context.Fail(
            nameof(IrcOptions.ClientCertificate), x is { ClientCertificate: not null, Tls: false } ? "is shown over TLS only: set Tls to true" : null));
    }

    private static string? WrongServer(string server) =>
        server.Length == 0 ? "must name the server, like irc.libera.chat"
        : Uri.CheckHostName(server) == UriHostNameType.Unknown ? "must be a host name or address alone, like irc.libera.chat (the port stands in Port)"
        : null;

    private static void PasswordsAreNotSentInClear(IrcOptions options, ValidationContext<IrcOptions> context)
    {
        foreach (var (key, password) in PlaintextLogin.Passwords(options))
        {
            if (PlaintextLogin.IsRefused(options, options.Server, options.Tls, password))
            {
                context.Fail(key, "would go over the network in clear: set Tls to true, or AllowPlaintextLogin to true if that is what you want");
            }
        }
    }

    private static void ChannelsAreListedOnce(IrcOptions options, ValidationContext<IrcOptions> context)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < options.Channels.Count; i++)
        {
            if (!seen.TryAdd(options.Channels[i].Name, i) && options.Channels[i].Name.Length > 0)
            {
                context.Fail($"{nameof(IrcOptions.Channels)}:{i}:{nameof(IrcChannelOptions.Name)}", $"is the same channel as {nameof(IrcOptions.Channels)}:{seen[options.Channels[i].Name]}");
            }
        }
    }

    private static void DefaultsCanBeReached(IrcOptions options, ValidationContext<IrcOptions> context)
    {
        if (options.JoinUnlisted)
        {
            return;
        }

        for (var i = 0; i < options.DefaultChannels.Count; i++)
        {
            if (!options.Channels.Any(c => string.Equals(c.Name, options.DefaultChannels[i], StringComparison.OrdinalIgnoreCase)))
            {
                context.Fail($"{nameof(IrcOptions.DefaultChannels)}:{i}", "is not one of Channels, and JoinUnlisted is false");
            }
        }
    }
}
