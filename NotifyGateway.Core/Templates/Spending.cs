using System.Runtime.CompilerServices;
using HandlebarsDotNet;
using HandlebarsDotNet.ValueProviders;

namespace NotifyGateway.Core.Templates;

/// <summary>
/// The work that one rendering may do, in steps. Everything that a template can repeat pays: an item of a list, a partial, a helper. So it ends, whatever the
/// template and the payload are, and without a clock.
/// </summary>
internal sealed class Spending
{
    /// <summary>The most steps of one rendering: some tenths of a second.</summary>
    public const int Limit = 1_000_000;

    /// <summary>The name under which templates carry it along; it writes nothing.</summary>
    public const string Name = "spending";

    /// <summary>So many characters of a template are work for about one step.</summary>
    private const int TemplatePerStep = 32;

    /// <summary>So many characters of a text are.</summary>
    private const int TextPerStep = 64;

    private int _left = Limit;
    private int _perItem = 1;

    /// <summary>A template begins. An item of a list may repeat all of it, and costs accordingly from now on.</summary>
    public void Enter(int length)
    {
        _perItem = Math.Max(_perItem, Steps(length, TemplatePerStep));
        Pay(Steps(length, TemplatePerStep));
    }

    /// <summary>The next item of a list.</summary>
    public void Item() => Pay(_perItem);

    /// <summary>A text of so many characters is looked at.</summary>
    public void Text(int length) => Pay(Steps(length, TextPerStep));

    /// <summary>That of the rendering which is going on.</summary>
    public static Spending Of(DataValues data) => (Spending)data[Name]!;

    /// <summary>That of the rendering which is going on.</summary>
    public static Spending Of(BindingContext context) => Of(new DataValues(context));

    /// <summary>Nothing: a template may name it.</summary>
    public override string ToString() => "";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pay(int steps)
    {
        _left -= steps;
        if (_left < 0)
        {
            throw new SpentException();
        }
    }

    private static int Steps(int length, int perStep) => 1 + (length / perStep);
}

/// <summary>A rendering has done all the work that it may do. The engine hands over nothing but exceptions.</summary>
internal sealed class SpentException : Exception
{
    public SpentException()
        : base($"it takes more than {Spending.Limit} steps")
    {
    }

    public SpentException(string message)
        : base(message)
    {
    }

    public SpentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
