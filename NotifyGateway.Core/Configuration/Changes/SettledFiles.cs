namespace NotifyGateway.Core.Configuration.Changes;

/// <summary>
/// Says when files that change have come to rest, and are worth reading. What is written in several steps is not read halfway; a file that is gone, or empty, for a
/// moment may be about to be replaced, and is given longer.
/// </summary>
/// <param name="loaded">What the files held when they were last read.</param>
public sealed class SettledFiles(FileContents loaded)
{
    /// <summary>How long files must stay as they are.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    /// <summary>How long a file must be gone, or empty.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private FileContents _loaded = loaded;
    private FileContents _seen = loaded;
    private TimeSpan _since;

    /// <summary>Whether they are to be read now.</summary>
    /// <param name="now">What they hold.</param>
    /// <param name="at">The time, from one arbitrary start.</param>
    public bool AreDue(FileContents now, TimeSpan at)
    {
        if (!now.Equal(_seen))
        {
            (_seen, _since) = (now, at);
            return false;
        }

        return !now.Equal(_loaded) && at - _since >= (now.Lacks(_loaded) ? Grace : Rest);
    }

    /// <summary>They were read, whatever came of it.</summary>
    public void OnLoaded(FileContents contents) => _loaded = contents;
}
