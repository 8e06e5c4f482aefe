using Microsoft.Extensions.Logging;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using NotifyGateway.Tests.Templates;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class TemplateSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly MemoryLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Change_IsInForceOnceItStandsStill()
    {
        _folder.Write("own.hbs", "one {{x}}");
        using var source = Source();
        var before = source.Current;
        _folder.Write("own.hbs", "second {{x}}");

        _time.Advance(TemplateSource.Period);
        Assert.Same(before, source.Current);
        _time.Advance(TemplateSource.Period);

        Assert.Equal("second 1", Rendering.Render(source.Current, "own", """{"x":1}"""));
        Assert.Equal("one 1", Rendering.Render(before, "own", """{"x":1}"""));
    }

    [Fact]
    public void BrokenChange_IsLogged_AndTheOldOnesGoOn()
    {
        _folder.Write("own.hbs", "one");
        using var source = Source();
        _folder.Write("own.hbs", "\n{{nope x}}");
        _time.Advance(TemplateSource.Period * 5);

        Assert.Equal("one", Rendering.Render(source.Current, "own", "{}"));
        Assert.Contains("own.hbs: line 2: there is no helper nope", _log.Text, StringComparison.Ordinal);

        _folder.Write("own.hbs", "mended again");
        _time.Advance(TemplateSource.Period * 2);
        Assert.Equal("mended again", Rendering.Render(source.Current, "own", "{}"));
    }

    [Fact]
    public void WhateverGoesWrongWithTheDirectory_IsLogged_AndItIsLookedAtAgain()
    {
        // A time that .NET cannot tell, where the file system can: on a tmpfs.
        using var folder = new TempFolder("/dev/shm");
        folder.Write("own.hbs", "one");
        using var source = new TemplateSource(folder.Path, [], _time, _log.CreateLogger<TemplateSource>());
        using (var touch = System.Diagnostics.Process.Start("touch", ["-d", "@300000000000", folder["own.hbs"]]))
        {
            touch.WaitForExit();
        }

        Assert.ThrowsAny<ArgumentException>(() => File.GetLastWriteTimeUtc(folder["own.hbs"]));
        _time.Advance(TemplateSource.Period * 3);
        Assert.NotEmpty(_log.Of(1042));
        folder.Write("own.hbs", "two");
        _time.Advance(TemplateSource.Period * 2);

        Assert.Equal("two", Rendering.Render(source.Current, "own", "{}"));
    }

    [Fact]
    public void FileThatGoes_GivesTheBuiltInOneBack()
    {
        _folder.Write("message.hbs", "mine");
        using var source = Source();
        File.Delete(_folder["message.hbs"]);
        _time.Advance(TemplateSource.Period * 2);

        Assert.Equal("x", Rendering.Render(source.Current, "message", """{"text":"x"}"""));
    }

    [Fact]
    public void ChangeThatTakesAHooksTemplateAway_IsLogged_AndItGoesOn()
    {
        _folder.Write("own.hbs", "one");
        using var source = Source("own");
        File.Delete(_folder["own.hbs"]);
        _time.Advance(TemplateSource.Period * 2);

        Assert.Equal("one", Rendering.Render(source.Current, "own", "{}"));
        Assert.Contains("a hook's template: there is no template own", _log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherConfiguration_HasTheSameTemplates_UnlessItWantsOthers()
    {
        _folder.Write("own.hbs", "one");
        var log = ((ILoggerFactory)_log).CreateLogger<TemplateSource>();
        var options = new GatewayOptions { TemplatesDirectory = _folder.Path };
        using var first = TemplateSource.For(options, null, _time, log);
        var hooked = options with { Hooks = new Dictionary<string, HookOptions>(StringComparer.OrdinalIgnoreCase) { ["h"] = new() { Token = "t", Template = "own" } } };

        Assert.Same(first, TemplateSource.For(options with { MaxMessageBytes = 1000 }, first, _time, log));
        using var second = TemplateSource.For(hooked, first, _time, log);
        Assert.NotSame(first, second);
        using var none = TemplateSource.For(new GatewayOptions(), second, _time, log);
        Assert.Equal("one", Rendering.Render(second.Current, "own", "{}"));
        Assert.NotSame(second, none);
    }

    [Fact]
    public void DirectoryThatGoes_TakesNothingAway()
    {
        Directory.CreateDirectory(_folder["t"]);
        _folder.Write("t/own.hbs", "one");
        using var source = new TemplateSource(_folder["t"], [], _time, ((ILoggerFactory)_log).CreateLogger<TemplateSource>());
        Directory.Delete(_folder["t"], recursive: true);
        _time.Advance(TemplateSource.Period * 3);

        Assert.Equal("one", Rendering.Render(source.Current, "own", "{}"));
        Assert.Contains("no such directory", _log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad name.hbs", "x", "a template's name is made of")]
    [InlineData("bad.hbs", "{{#if x}}", "bad.hbs: line 1: {{#if}} has no {{/if}}")]
    public void BrokenTemplate_IsAnErrorOfTheConfiguration(string file, string text, string said)
    {
        _folder.Write(file, text);
        _folder.Write("ignored.txt", "{{");
        _folder.Write(".hidden.hbs", "{{");

        var errors = GatewayConfiguration.Load([ConfigurationSource.Pairs("test", [new("Gateway:TemplatesDirectory", _folder.Path)])]).Errors;

        var error = Assert.Single(errors);
        Assert.Equal("Gateway:TemplatesDirectory", error.Path);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNoUtf8_AreAnError()
    {
        File.WriteAllBytes(_folder["x.hbs"], [0xC3, 0x28]);

        Assert.EndsWith("x.hbs: is not UTF-8", Assert.Single(TemplateFiles.Read(_folder.Path).Faults), StringComparison.Ordinal);
    }

    private TemplateSource Source(params string[] needed) => new(_folder.Path, needed, _time, ((ILoggerFactory)_log).CreateLogger<TemplateSource>());
}
