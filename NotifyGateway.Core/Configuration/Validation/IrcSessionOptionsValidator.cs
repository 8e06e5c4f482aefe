using System.Net;
using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>What holds for every IRC session, configured or made on demand.</summary>
internal abstract class IrcSessionOptionsValidator<T> : AbstractValidator<T>
    where T : IrcSessionOptions
{
    protected IrcSessionOptionsValidator()
    {
        Security();
        Identity();
        Joining();
        Pace();
        Connection();
    }

    private void Security()
    {
        this.Text(nameof(IrcSessionOptions.TlsCaFile), x => x.TlsCaFile, file => FileRules.Missing(file) ?? CertificateFiles.ReadAuthorities(file).Fault);
        this.Text(nameof(IrcSessionOptions.TlsFingerprint), x => x.TlsFingerprint, HexRules.WrongFingerprint);
        this.Text(nameof(IrcSessionOptions.ServerPassword), x => x.ServerPassword, IrcWords.WrongLine);
        RuleFor(x => x).Custom(OwnCertificateIsGood);
        this.Inside(nameof(IrcSessionOptions.Sasl), x => x.Sasl, () => new SaslOptionsValidator());
        RuleFor(x => x.Sasl).Must((x, sasl) => sasl is null || x.ClientCertificate is not null || sasl.Mechanism != SaslMechanism.External)
            .WithMessage($"needs {nameof(IrcSessionOptions.ClientCertificate)}: it is what {nameof(SaslMechanism.External)} logs in with");
        RuleFor(x => x.Sasl).Must((x, sasl) => sasl is not { Mechanism: SaslMechanism.Auto, Password: null } || x.ClientCertificate is not null)
            .WithMessage($"needs a {nameof(SaslOptions.Password)}, or a {nameof(IrcSessionOptions.ClientCertificate)} beside it: there is nothing to log in with");
        this.Inside(nameof(IrcSessionOptions.NickServ), x => x.NickServ, () => new NickServOptionsValidator());
    }

    private static void OwnCertificateIsGood(T options, ValidationContext<T> context)
    {
        var (certificate, key) = (options.ClientCertificate, options.ClientCertificateKey);
        var wrongKey = key is null ? null : certificate is null ? "is of no use without ClientCertificate" : FileRules.Missing(key);
        context.Fail(nameof(IrcSessionOptions.ClientCertificateKey), wrongKey);
        if (certificate is not null)
        {
            // Time passes: that a certificate has expired is its own session's trouble, and must not keep the others from starting.
            var fault = FileRules.Missing(certificate) ?? (wrongKey is null ? CertificateFiles.ReadClient(certificate, key, now: null).Fault : null);
            context.Fail(nameof(IrcSessionOptions.ClientCertificate), fault);
        }
    }

    private void Identity()
    {
        this.Text(nameof(IrcSessionOptions.NickFallback), x => x.NickFallback, IrcWords.WrongNickTemplate);
        this.Text(nameof(IrcSessionOptions.User), x => x.User, IrcWords.WrongUser);
        this.Text(nameof(IrcSessionOptions.RealName), x => x.RealName, IrcWords.WrongLine);
        this.Texts(nameof(IrcSessionOptions.OnConnect), x => x.OnConnect, IrcWords.WrongLine);
    }

    private void Joining()
    {
        RuleFor(x => x.JoinAttempts).Between(1, 1000);
        RuleFor(x => x.JoinRetry).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.JoinRetryAfter).Positive(RangeRules.LongestTimer);
        this.Text(nameof(IrcSessionOptions.FallbackChannel), x => x.FallbackChannel, IrcWords.WrongChannel);
        RuleFor(x => x.MaxLinks).Between(1, 50);
        RuleFor(x => x.ChannelsPerLink).Between(1, 10_000);
    }

    private void Pace()
    {
        RuleFor(x => x.Burst).Between(1, 1000);
        RuleFor(x => x.LinesPerSecond).Between(0.0, 1_000_000.0);
        RuleFor(x => x.Window).Between(1, 1024);
        RuleFor(x => x.MaxLines).Between(1, 1000);
        RuleFor(x => x.FoldAfter).Must(t => t is null || (t > TimeSpan.Zero && t <= RangeRules.LongestTimer)).WithMessage($"must be longer than 00:00:00, at most {RangeRules.LongestTimer:c}, or null");
    }

    private void Connection()
    {
        RuleFor(x => x.ReconnectMin).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ReconnectMax).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.ReconnectMax).Must((x, max) => max >= x.ReconnectMin).WithMessage($"must not be shorter than {nameof(IrcSessionOptions.ReconnectMin)}");
        RuleFor(x => x.ConnectSpacing).Must(t => t >= TimeSpan.Zero && t <= RangeRules.LongestTimer).WithMessage($"must be 00:00:00 to {RangeRules.LongestTimer:c}");
        RuleFor(x => x.ConnectTimeout).Positive(RangeRules.LongestTimer / 6);
        RuleFor(x => x.PingInterval).Positive(RangeRules.LongestTimer);
        RuleFor(x => x.PingTimeout).Positive(RangeRules.LongestTimer);
        RuleFor(x => x).Custom((x, context) => context.Fail(nameof(IrcSessionOptions.Proxy), x.Proxy is null ? null : ProxyAddress.Wrong(x.Proxy)));
        this.Text(nameof(IrcSessionOptions.LocalAddress), x => x.LocalAddress, a => IPAddress.TryParse(a, out _) ? null : "must be an address of this machine, like 192.0.2.7 or 2001:db8::7");
        this.Text(nameof(IrcSessionOptions.TrafficLog), x => x.TrafficLog, FileRules.Unwritable);
    }
}
