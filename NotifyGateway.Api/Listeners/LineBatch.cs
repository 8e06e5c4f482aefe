using System.Text.Encodings.Web;
using System.Text.Json;
using NotifyGateway.Core;

namespace NotifyGateway.Api.Listeners;

/// <summary>What was read of one connection at a time: the submissions, and the answers that some of the lines want, each in the lines' order.</summary>
/// <param name="state">The configuration that all of its senders are let in by.</param>
internal sealed class LineBatch(GatewayState state)
{
    private List<LineReply>? _replies;
    private Dictionary<Submission, LineReply>? _awaited;

    public GatewayState State => state;

    /// <summary>Lines read, whatever became of them.</summary>
    public int Lines { get; set; }

    public List<Submission> Submissions { get; } = [];

    public IReadOnlyList<LineReply> Replies => _replies ?? [];

    /// <summary>True when an answer depends on the commit.</summary>
    public bool AwaitsCommit => _awaited is not null;

    public void Reply(string line) => (_replies ??= []).Add(new LineReply { Line = line });

    public void ReplyAfterCommit(Submission submission)
    {
        var reply = new LineReply();
        (_replies ??= []).Add(reply);
        (_awaited ??= new(ReferenceEqualityComparer.Instance)).Add(submission, reply);
    }

    /// <summary>The answer that waits for this submission, if its sender wants one.</summary>
    public LineReply? Awaited(Submission submission) => _awaited?.GetValueOrDefault(submission);
}

/// <summary>One line to a sender.</summary>
internal sealed class LineReply
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Without its end; null until known.</summary>
    public string? Line { get; set; }

    public static string Queued(Guid id) => $$"""{"id":"{{id:D}}","status":"queued"}""";

    public static string Error(string reason) => $$"""{"error":{{JsonSerializer.Serialize(reason, Readable)}}}""";
}
