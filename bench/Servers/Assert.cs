namespace Xunit;

/// <summary>What the tests' servers say when they cannot be started, without a test framework: a scenario breaks off with it.</summary>
internal static class Assert
{
    public static void Fail(string why) => throw new InvalidOperationException(why);

    public static void True(bool holds, string why)
    {
        if (!holds)
        {
            Fail(why);
        }
    }

    public static void False(bool holds, string why) => True(!holds, why);
}
