using FluentValidation;
using NotifyGateway.Core.Protocols.Xmpp;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>One XMPP account.</summary>
internal sealed class XmppOptionsValidator : AbstractValidator<XmppOptions>
{
    public XmppOptionsValidator()
    {
        Login();
        Places();
        Pace();
        Connection();
        RuleFor(x => x).Custom(RoomsAreListedOnce);
        RuleFor(x => x).Custom(DefaultsCanBeReached);
    }

    private void Login()
    {
        this.Text(nameof(XmppOptions.Jid), x => x.Jid, XmppRules.WrongAccount);
        this.Text(nameof(XmppOptions.Password), x => x.Password, XmppRules.WrongPassword);
        this.Text(nameof(XmppOptions.Resource), x => x.Resource, XmppRules.WrongResource);
        this.Text(nameof(XmppOptions.Host), x => x.Host, XmppRules.WrongHost);
        RuleFor(x => x.Port).Between(1, 65535);
        this.Text(nameof(XmppOptions.TlsCaFile), x => x.TlsCaFile, FileRules.Missing);
        this.Text(nameof(XmppOptions.TlsFingerprint), x => x.TlsFingerprint, HexRules.WrongFingerprint);
    }

    private void Places()
    {
        this.Listed(nameof(XmppOptions.Rooms), x => x.Rooms, () => new XmppRoomOptionsValidator());
        this.Texts(nameof(XmppOptions.Users), x => x.Users, XmppRules.WrongUser);
        this.Texts(nameof(XmppOptions.DefaultRooms), x => x.DefaultRooms, XmppRules.WrongRoom);
        this.Texts(nameof(XmppOptions.DefaultUsers), x => x.DefaultUsers, XmppRules.WrongUser);
    }

    private void Pace()
    {
        RuleFor(x => x.JoinAttempts).Between(1, 1000);
        RuleFor(x => x.JoinRetry).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.JoinRetryAfter).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.MaxLinks).Between(1, 50);
        RuleFor(x => x.MessagesPerSecond).Between(0.0, 1_000_000.0);
        RuleFor(x => x.Burst).Between(1, 1000);
        RuleFor(x => x.Window).Between(1, 1024);
        RuleFor(x => x.FoldAfter).Must(t => t is null || (t > TimeSpan.Zero && t <= RangeRules.LongestTimer)).WithMessage($"must be longer than 00:00:00, at most {RangeRules.LongestTimer:c}, or null");
    }

    private void Connection()
    {
        RuleFor(x => x.ReconnectMin).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ReconnectMax).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ReconnectMax).Must((x, max) => max >= x.ReconnectMin).WithMessage($"must not be shorter than {nameof(XmppOptions.ReconnectMin)}");
        RuleFor(x => x.ConnectSpacing).Must(t => t >= TimeSpan.Zero && t <= RangeRules.LongestTimer).WithMessage($"must be 00:00:00 to {RangeRules.LongestTimer:c}");
        RuleFor(x => x.ConnectTimeout).Positive(RangeRules.LongestTimer / 6);
        RuleFor(x => x.PingInterval).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.PingTimeout).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.Proxy).Must(XmppRules.IsProxy).WithMessage("must be a proxy like socks5://127.0.0.1:9050, socks4://… or http://…");
    }

    private static void RoomsAreListedOnce(XmppOptions options, ValidationContext<XmppOptions> context)
    {
        var seen = new Dictionary<Jid, int>();
        for (var i = 0; i < options.Rooms.Count; i++)
        {
            if (Jid.Parse(options.Rooms[i].Jid, out _) is { } jid && !seen.TryAdd(jid, i))
            {
                context.Fail($"{nameof(XmppOptions.Rooms)}:{i}:{nameof(XmppRoomOptions.Jid)}", $"is the same room as {nameof(XmppOptions.Rooms)}:{seen[jid]}");
            }
        }
    }

    private static void DefaultsCanBeReached(XmppOptions options, ValidationContext<XmppOptions> context)
    {
        if (options.JoinUnlisted)
        {
            return;
        }

        var listed = options.Rooms.Select(r => Jid.Parse(r.Jid, out _)).ToHashSet();
        for (var i = 0; i < options.DefaultRooms.Count; i++)
        {
            if (Jid.Parse(options.DefaultRooms[i], out _) is { } room && !listed.Contains(room))
            {
                context.Fail($"{nameof(XmppOptions.DefaultRooms)}:{i}", $"is not one of {nameof(XmppOptions.Rooms)}, and {nameof(XmppOptions.JoinUnlisted)} is false");
            }
        }
    }

    /// <summary>A room that is joined at start.</summary>
    private sealed class XmppRoomOptionsValidator : AbstractValidator<XmppRoomOptions>
    {
        public XmppRoomOptionsValidator()
        {
            this.Text(nameof(XmppRoomOptions.Jid), x => x.Jid, XmppRules.WrongRoom);
            this.Text(nameof(XmppRoomOptions.Nick), x => x.Nick, XmppRules.WrongNick);
            this.Text(nameof(XmppRoomOptions.Password), x => x.Password, XmppRules.WrongPassword);
        }
    }
}
