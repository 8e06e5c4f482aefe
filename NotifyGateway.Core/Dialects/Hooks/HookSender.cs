namespace NotifyGateway.Core.Dialects.Hooks;

/// <summary>A kind of program that posts to hooks: how its requests are known, and how they are read.</summary>
/// <param name="Name">For the log and the documents, such as <c>github</c>.</param>
/// <param name="Sent">Whether a request is its: by a header where it has one of its own, else by the shape of the payload. Never throws.</param>
/// <param name="Read">Reads a request for which <paramref name="Sent"/> is true. Never throws, whatever the shape.</param>
internal sealed record HookSender(string Name, Func<HookRequest, bool> Sent, Func<HookRequest, HookReading> Read);
