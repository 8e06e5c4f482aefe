using System.Text;
using System.Text.RegularExpressions;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Sessions.Programs;

/// <summary>The script of docs/programs.md does what is said there.</summary>
public sealed partial class RecipeTests
{
    [Fact]
    public async Task MailNotify_WritesAMail_WhoseHeadersNoTitleCanChange()
    {
        using var shell = new Shell();
        var script = ShellBlock().Match(RepositoryFiles.Read("docs/programs.md")).Groups["script"].Value;
        Assert.Contains("/usr/sbin/sendmail -i", script, StringComparison.Ordinal);
        shell.Write("mail-notify", script.Replace("/usr/sbin/sendmail", "sh ./sendmail", StringComparison.Ordinal));
        shell.Write("sendmail", "printf '%s\\n' \"$@\" > argv; cat > mail; exit 5");
        var text = string.Join('\n', Enumerable.Repeat("über \u2713 .", 100)) + "\n.\nend";

        var result = await Shell.RunAsync(
            shell.Program("exec /bin/sh mail-notify \"$@\"", "ops@example.org", "[{{severity}}] {{title}}"), Shell.Message(text, "grün\nBcc: all@example.org"));

        Assert.Equal("exit 5", result.Reason);
        Assert.Equal(["-i", "--", "ops@example.org"], shell.Lines("argv"));
        var mail = shell.Read("mail");
        var headers = mail[..mail.IndexOf("\n\n", StringComparison.Ordinal)].Split('\n');
        Assert.Equal(["To", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"], headers.Select(h => h.Split(':')[0]));
        Assert.Equal("[info] grün\nBcc: all@example.org", Decoded(headers[1]["Subject: =?UTF-8?B?".Length..^"?=".Length]));
        Assert.Equal(text, Decoded(mail[(mail.IndexOf("\n\n", StringComparison.Ordinal) + 2)..]));
    }

    private static string Decoded(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    [GeneratedRegex("```sh\n(?<script>.*?)```", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();
}
