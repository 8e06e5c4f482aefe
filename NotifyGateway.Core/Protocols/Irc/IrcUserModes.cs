namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>
/// What we tell the server of ourselves, once, where it has a mode for it (ISUPPORT): that we are a program, and that we need not hear what channels say.
/// Refusals change nothing.
/// </summary>
internal sealed class IrcUserModes(IrcState state)
{
    private bool _told;

    /// <summary>Login may have ended.</summary>
    public void Advance()
    {
        if (_told || !state.Online)
        {
            return;
        }

        _told = true;
        Set("BOT");
        if (state.Options.Deaf)
        {
            Set("DEAF");
        }
    }

    private void Set(string token)
    {
        if (state.Isupport[token] is [var letter] && char.IsAsciiLetter(letter))
        {
            state.Send("MODE", state.Nick!, $"+{letter}");
        }
    }
}
