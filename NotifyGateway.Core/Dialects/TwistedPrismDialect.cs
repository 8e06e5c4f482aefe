namespace NotifyGateway.Core.Dialects;

/// <summary>TwistedPrism's lines: a JSON object (see <see cref="TwistedPrismRequest"/>), or a raw line for all defaults.</summary>
public static class TwistedPrismDialect
{
    /// <inheritdoc cref="LineParser"/>
    public static LineRequest Parse(ReadOnlySpan<byte> line, Callers callers) =>
        LineText.IsBlank(line) ? LineNothing.Instance
        : LineText.IsObject(line) ? ParseObject(line, callers)
        : ParseRaw(line, callers);

    internal static LineRequest ParseRaw(ReadOnlySpan<byte> line, Callers callers) =>
        callers.Anonymous is { } client ? new LineMessage(client, Addressing.Defaults, LineText.Decode(line)) : LineRefusal.NoSecret;

    internal static LineRequest ParseObject(ReadOnlySpan<byte> line, Callers callers)
    {
        if (!TwistedPrismRequest.TryParse(line, out var request, out var error))
        {
            return LineRefusal.Malformed(error);
        }

        return callers.Admit(request.Secret, request.Client, out var refusal) is not { } client ? refusal!
            : request.HasMessage ? new LineMessage(client, request.To, request.Message)
            : LineRefusal.Malformed(TwistedPrismRequest.MessageNotSpecified);
    }
}
