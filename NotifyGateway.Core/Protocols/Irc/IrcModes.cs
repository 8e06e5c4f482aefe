namespace NotifyGateway.Core.Protocols.Irc;

/// <summary>One letter of a MODE line.</summary>
internal readonly record struct IrcMode(bool Set, char Letter, string? Argument)
{
    /// <summary>
    /// Reads the changes of a channel: <c>+ok-b nick key mask</c>. Which letters have an argument is the server's to say (ISUPPORT <c>CHANMODES</c>,
    /// <c>PREFIX</c>).
    /// </summary>
    /// <param name="message">The line.</param>
    /// <param name="first">The parameter with the letters.</param>
    /// <param name="isupport">What the server has said of its modes.</param>
    public static List<IrcMode> OfChannel(in IrcMessage message, int first, Isupport isupport)
    {
        var changes = new List<IrcMode>();
        var argument = first + 1;
        var set = true;
        foreach (var letter in message.Text(first))
        {
            if (letter is '+' or '-')
            {
                set = letter == '+';
                continue;
            }

            var has = isupport.ModeHasArgument(letter, set) && argument < message.Count;
            changes.Add(new IrcMode(set, letter, has ? message.Text(argument++) : null));
        }

        return changes;
    }

    /// <summary>Whether a change of our own modes says that services know us: +r nearly everywhere, +R on ngIRCd.</summary>
    public static bool TellsLogin(string changes)
    {
        var set = true;
        foreach (var letter in changes)
        {
            set = letter is '+' or '-' ? letter == '+' : set;
            if (set && letter is ('r' or 'R'))
            {
                return true;
            }
        }

        return false;
    }
}
