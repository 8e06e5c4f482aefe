namespace NotifyGateway.Core.Configuration;

/// <summary>What a program reads on its standard input.</summary>
public enum ProgramInput
{
    /// <summary>The text as UTF-8, and before it the title as a line of its own, unless an argument or the environment has the title.</summary>
    Text,

    /// <summary>Nothing: the end comes at once.</summary>
    None,

    /// <summary>One line: a JSON object with <c>id</c>, <c>client</c>, <c>severity</c>, <c>title</c>, <c>text</c> and <c>acceptedAt</c>.</summary>
    Json,
}

/// <summary>A program of this machine that is run for each message.</summary>
public sealed record ProgramOptions
{
    /// <summary>The program and its arguments, each as it is: no shell ever sees them. Required.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>After so long a run is ended, with everything that it has started.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many runs there may be at a time. 1 keeps the order of the messages.</summary>
    public int MaxConcurrent { get; init; } = 1;

    /// <summary>How often a message is tried before it has failed.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Variables that are added to the gateway's own environment, or replace some of it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where it runs; null: where the gateway does.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it reads.</summary>
    public ProgramInput Stdin { get; init; } = ProgramInput.Text;

    /// <summary>Without its values: an argument may hold a secret.</summary>
    public override string ToString() => nameof(ProgramOptions);
}
