using NotifyGateway.Core.Dialects;

namespace NotifyGateway.Api.Http;

/// <summary>What is wrong with a request, by field; at most twenty fields.</summary>
internal sealed class FieldErrors
{
    private const int Max = 20;
    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public FieldErrors()
    {
    }

    /// <summary>Begins with what is wrong with the body.</summary>
    public FieldErrors(IReadOnlyList<FieldFault> faults)
    {
        foreach (var fault in faults)
        {
            Add(fault.Field, fault.Error);
        }
    }

    /// <summary>Adds an error. The first of a field counts: a later one follows from it.</summary>
    public void Add(string field, string error)
    {
        if (_errors.Count < Max)
        {
            _errors.TryAdd(field, [error]);
        }
    }

    /// <summary>The answer, or null when nothing is wrong.</summary>
    public Refusal? ToRefusal() => _errors.Count == 0 ? null : Refusal.OfFields(_errors);
}
