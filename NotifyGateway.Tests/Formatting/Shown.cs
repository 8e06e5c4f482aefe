using System.Text.RegularExpressions;

namespace NotifyGateway.Tests.Formatting;

/// <summary>Format codes as tests write them: <c>{b}</c> bold, <c>{i}</c> italic, <c>{s}</c> strike, <c>{c}</c> code, <c>{o}</c> reset, <c>{u}</c> underline, <c>{k04}</c> a colour.</summary>
internal static partial class Shown
{
    public static string Codes(string visible) => Colour().Replace(
        visible.Replace("{b}", "\x02").Replace("{i}", "\x1D").Replace("{s}", "\x1E").Replace("{c}", "\x11").Replace("{o}", "\x0F").Replace("{u}", "\x1F"), "\x03${colour}");

    [GeneratedRegex(@"\{k(?<colour>[0-9]{0,2})\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Colour();
}
