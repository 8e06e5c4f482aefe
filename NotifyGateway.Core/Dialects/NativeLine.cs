namespace NotifyGateway.Core.Dialects;

/// <summary>The native request as one line (see <see cref="NativeRequest"/>); with <c>"reply": true</c> it is answered by one line of JSON.</summary>
internal static class NativeLine
{
    public static LineRequest Parse(ReadOnlySpan<byte> line, Callers callers)
    {
        if (!NativeRequest.TryParse(line, out var request, out var error))
        {
            return LineRefusal.Malformed(error);
        }

        if (callers.Admit(request.Secret, request.Client, out var refusal) is not { } client)
        {
            return refusal! with { WantsReply = request.Reply };
        }

        if (request.Faults.Count > 0)
        {
            return LineRefusal.Malformed(string.Join("; ", request.Faults)) with { WantsReply = request.Reply };
        }

        return new LineMessage(client, request.Addressing, request.Text)
        {
            Title = request.Title,
            Severity = request.Severity,
            Markup = request.Markup,
            ExpiresIn = request.ExpiresIn,
            Repeat = request.Repeat,
            Strict = true,
            WantsReply = request.Reply,
        };
    }
}
