using FluentValidation;
using NotifyGateway.Core.Configuration.Binding;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>The whole section <c>Gateway</c>; every error has its full path.</summary>
internal sealed class GatewayOptionsValidator : AbstractValidator<GatewayOptions>
{
    public GatewayOptionsValidator() => this.Inside(OptionShape.Section, x => x, () => new Keys());

    private sealed class Keys : AbstractValidator<GatewayOptions>
    {
        public Keys()
        {
            RuleFor(x => x.PublicUrl).Must(IsWeb).WithMessage("must be an http or https URL without query, like https://notify.example.org");
            this.Texts(nameof(GatewayOptions.DefaultTo), x => x.DefaultTo, DestinationRules.Wrong);
            this.Texts(nameof(GatewayOptions.KnownProxies), x => x.KnownProxies, AddressRanges.Wrong);
            this.Inside(nameof(GatewayOptions.Admin), x => x.Admin, () => new AdminOptionsValidator());
            this.Named(nameof(GatewayOptions.Clients), x => x.Clients, () => new ClientOptionsValidator());
            RuleFor(x => x).Custom(ClientNamesAreFree);
            RuleFor(x => x).Custom(ScopeRules.ScopesNameSomething);
            RuleFor(x => x).Custom(SecretRules.SecretsAreUnique);
            RuleFor(x => x).Custom(DestinationRules.AliasMembersAreDestinations);
            RuleFor(x => x).Custom(AliasRules.NamesAreFree);
            RuleFor(x => x).Custom(AliasRules.NoneNamesItself);
            this.Named(nameof(GatewayOptions.Irc), x => x.Irc, () => new IrcOptionsValidator());
            this.Named(nameof(GatewayOptions.Xmpp), x => x.Xmpp, () => new XmppOptionsValidator());
            RuleFor(x => x).Custom(XmppRules.NamesAreFree);
            RuleFor(x => x).Custom(XmppRules.ResourcesDiffer);
            this.Named(nameof(GatewayOptions.Programs), x => x.Programs, () => new ProgramOptionsValidator());
            RuleFor(x => x).Custom(ProgramRules.NamesAreDestinations);
            RuleFor(x => x).Custom(ProgramRules.LogIsNoNetwork);
            this.Named(nameof(GatewayOptions.Hooks), x => x.Hooks, () => new HookOptionsValidator());
            this.Inside(nameof(GatewayOptions.Escalate), x => x.Escalate, () => new EscalateOptionsValidator());
            RuleFor(x => x.LateAfter).Positive(RangeRules.LongestAge);
            this.Texts(nameof(GatewayOptions.DynamicServers), x => x.DynamicServers, WrongPattern);
            this.Inside(nameof(GatewayOptions.Dynamic), x => x.Dynamic, () => new DynamicOptionsValidator());
            this.Inside(nameof(GatewayOptions.Listeners), x => x.Listeners, () => new ListenersOptionsValidator());
            this.Inside(nameof(GatewayOptions.Outbox), x => x.Outbox, () => new OutboxOptionsValidator());
            this.Inside(nameof(GatewayOptions.Otlp), x => x.Otlp, () => new OtlpOptionsValidator());
            RuleFor(x => x.MaxMessageBytes).Between(256, 16 * 1024 * 1024);
            RuleFor(x => x).Custom(TemplateRules.TemplatesAreGood);
            this.Text(nameof(GatewayOptions.SecretsDirectory), x => x.SecretsDirectory, FileRules.MissingDirectory);
        }

        private static bool IsWeb(Uri? url) =>
            url is null || (url.Scheme is "http" or "https" && url.Host.Length > 0 && UrlHost.Of(url) is not null && url.Query.Length == 0 && url.Fragment.Length == 0);

        private static string? WrongPattern(string pattern) =>
            string.IsNullOrWhiteSpace(pattern) ? "must not be empty"
            : pattern.Any(c => c is '/' or '@' || char.IsControl(c) || char.IsWhiteSpace(c)) ? "must be a host name, with * and ? for any part of it, like *.example.org"
            : null;

        private static void ClientNamesAreFree(GatewayOptions options, ValidationContext<GatewayOptions> context)
        {
            foreach (var name in options.Clients.Keys)
            {
                if (ClientDirectory.Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    context.Fail($"{nameof(GatewayOptions.Clients)}:{name}", "this name is the gateway's own; choose another");
                }
            }
        }
    }
}
