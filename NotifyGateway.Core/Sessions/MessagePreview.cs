namespace NotifyGateway.Core.Sessions;

/// <summary>How a message is written for one destination.</summary>
/// <param name="Lines">IRC: lines as they are sent, without tags and CR LF; XMPP: one body for each stanza; programs: the lines of their standard input. Empty: there is nothing to say.</param>
/// <param name="Connected">By the rules of a connection that stands; false: by those that hold before the server has told its own.</param>
public sealed record MessagePreview(IReadOnlyList<string> Lines, bool Connected);
