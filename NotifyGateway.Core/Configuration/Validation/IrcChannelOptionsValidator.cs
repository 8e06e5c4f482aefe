using FluentValidation;

namespace NotifyGateway.Core.Configuration.Validation;

/// <summary>A channel that is joined at start.</summary>
internal sealed class IrcChannelOptionsValidator : AbstractValidator<IrcChannelOptions>
{
    public IrcChannelOptionsValidator()
    {
        this.Text(nameof(IrcChannelOptions.Name), x => x.Name, IrcWords.WrongChannel);
        this.Text(nameof(IrcChannelOptions.Key), x => x.Key, IrcWords.WrongKey);
        this.Text(nameof(IrcChannelOptions.Greeting), x => x.Greeting, IrcWords.WrongLine);
    }
}
