namespace NotifyGateway.Api.Http;

/// <summary>What is wrong with a request, by field; at most twenty fields.</summary>
internal sealed class FieldErrors
{
    private const int Max = 20;
    private SortedDictionary<string, string[]>? _errors;

    public bool IsFull => _errors?.Count >= Max;

    /// <summary>Adds an error. The first of a field counts: a later one follows from it.</summary>
    public void Add(string field, string error)
    {
        if (!IsFull)
        {
            _errors ??= new SortedDictionary<string, string[]>(StringComparer.Ordinal);
            _errors.TryAdd(field, [error]);
        }
    }

    /// <summary>The answer, or null when nothing is wrong.</summary>
    public Refusal? ToRefusal() => _errors is null ? null : Refusal.OfFields(_errors);
}
