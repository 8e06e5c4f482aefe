namespace NotifyGateway.Api.Http.OpenApi;

/// <summary>The body that an action reads by hand, for the OpenAPI document.</summary>
/// <param name="type">The JSON form.</param>
/// <param name="example">A body that works, as JSON.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class ReadsBodyAttribute(Type type, string example) : Attribute
{
    public Type Type { get; } = type;

    public string Example { get; } = example;

    /// <summary>True: the same fields are taken as forms, too.</summary>
    public bool Forms { get; init; }
}

/// <summary>A parameter that an action reads by hand, for the OpenAPI document.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ReadsParameterAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>query, header or path.</summary>
    public string In { get; init; } = "query";

    /// <summary>True for a whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>A value that works.</summary>
    public string Example { get; init; } = "";

    /// <summary>The only words allowed; empty: any.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>The only method of the action that reads it; null: all.</summary>
    public string? Method { get; init; }
}

/// <summary>An answer that an action writes by hand, for the OpenAPI document.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="description">When it is given.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class AnswersAttribute(int status, string description) : Attribute
{
    public int Status { get; } = status;

    public string Description { get; } = description;

    /// <summary>The JSON form; null: plain text.</summary>
    public Type? Type { get; init; }

    /// <summary>The content type; empty: by <see cref="Type"/>.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>An example, as JSON or text; empty: none.</summary>
    public string Example { get; init; } = "";

    /// <summary>Headers that come with it.</summary>
    public string[] Headers { get; init; } = [];
}

/// <summary>An action that everybody may use, with or without credentials.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class OpenToAllAttribute : Attribute;
