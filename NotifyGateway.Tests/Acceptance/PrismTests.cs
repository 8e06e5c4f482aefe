using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A network with defaults of both kinds, and people who see what arrives where.</summary>
public sealed class PrismHouse : House
{
    /// <summary>The default user, in the default channel and in two more.</summary>
    internal IrcWatcher Carol { get; private set; } = null!;

    internal IrcWatcher Dave { get; private set; } = null!;

    private protected override JsonObject Networks()
    {
        var network = Installation.Network(Server.Port, "#dc", "#foo", "#bar");
        network["DefaultChannels"] = new JsonArray("#dc");
        network["DefaultUsers"] = new JsonArray("carol");
        return new JsonObject { ["net"] = network };
    }

    private protected override async Task ArriveAsync()
    {
        Carol = await IrcWatcher.ConnectAsync(Server.Port, "carol", "#dc", "#foo", "#bar");
        Dave = await IrcWatcher.ConnectAsync(Server.Port, "dave");
    }

    private protected override async Task LeaveAsync()
    {
        await Carol.DisposeAsync();
        await Dave.DisposeAsync();
    }
}

/// <summary>How TwistedPrism's clients send.</summary>
public enum PrismForm { Get, Form, Json, Tcp }

/// <summary>TwistedPrism's clients, as its documentation has them.</summary>
public sealed class PrismTests(PrismHouse house) : IClassFixture<PrismHouse>
{
    public static TheoryData<PrismForm, string?, string?, string> Cases()
    {
        var cases = new TheoryData<PrismForm, string?, string?, string>();
        foreach (var form in Enum.GetValues<PrismForm>())
        {
            cases.Add(form, null, null, "#dc carol");
            cases.Add(form, "dave", null, "#dc dave");
            cases.Add(form, null, "#foo", "#foo carol");
            cases.Add(form, "dave", "#foo", "#foo dave");
            cases.Add(form, "", "#foo", "#foo");
            cases.Add(form, "dave", "", "dave");
            cases.Add(form, "", null, "#dc");
            cases.Add(form, null, "", "carol");
            cases.Add(form, "carol,dave", "#foo,#bar", "#bar #foo carol dave");
            cases.Add(form, "", "", "");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task UsersAndChannels_DefaultEachOnItsOwn(PrismForm form, string? users, string? channels, string reached)
    {
        var text = $"{form} users={users ?? "default"} channels={channels ?? "default"}.";

        await SendAsync(form, text, List(users), List(channels));

        Assert.Equal(reached, await ReachedAsync(text));
    }

    [Theory]
    [InlineData("#foo", "#foo")]
    [InlineData("#foo, #bar", "#bar #foo")]
    [InlineData("", "")]
    public async Task Json_TakesOneStringForAList(string channels, string reached)
    {
        var text = $"one string '{channels}'";

        await SettledAsync(await house.Gateway.Http.PostAsJsonAsync("/notification/send", new { message = text, users = Array.Empty<string>(), channels }));

        Assert.Equal(reached, await ReachedAsync(text));
    }

    [Fact]
    public async Task Get_WorksAsInItsReadme()
    {
        using var answer = await house.Gateway.Http.GetAsync(new Uri("/notification/send?message=foobarbaz&users=dave&channels=%23foo", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Accepted, "message passed to notifiers"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        await SettledAsync(answer);
        Assert.Equal("#foo dave", await ReachedAsync("foobarbaz"));
    }

    [Fact]
    public async Task NonAscii_ArrivesByEveryForm()
    {
        foreach (var form in Enum.GetValues<PrismForm>())
        {
            var text = $"{form}: grün \u2713 \u65e5\u672c";
            await SendAsync(form, text, ["dave"], []);
            Assert.Equal("dave", await ReachedAsync(text));
        }
    }

    [Fact]
    public async Task WithoutMessageOrElsewhere_SaysWhatItsServerSaid()
    {
        using var empty = await house.Gateway.Http.GetAsync(new Uri("/notification/send?users=dave", UriKind.Relative));
        using var other = await house.Gateway.Http.GetAsync(new Uri("/notification/other?message=x", UriKind.Relative));

        Assert.Equal((HttpStatusCode.BadRequest, "message not specified"), (empty.StatusCode, await empty.Content.ReadAsStringAsync()));
        Assert.Equal((HttpStatusCode.NotFound, "invalid path"), (other.StatusCode, await other.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Head_SendsNothing()
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, "/notification/send?message=by-head&users=dave");
        using var answer = await house.Gateway.Http.SendAsync(head);

        Assert.False(answer.IsSuccessStatusCode);
        await SendAsync(PrismForm.Get, "after the HEAD", ["dave"], []);
        Assert.Equal("dave", await ReachedAsync("after the HEAD"));
        Assert.Equal("", await ReachedAsync("by-head"));
    }

    private static string[]? List(string? names) => names?.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private async Task SendAsync(PrismForm form, string message, string[]? users, string[]? channels)
    {
        var fields = new List<KeyValuePair<string, string>> { new("message", message) };
        fields.AddRange(users is null ? [] : [new("users", string.Join(',', users))]);
        fields.AddRange(channels is null ? [] : [new("channels", string.Join(',', channels))]);
        var json = new JsonObject { ["message"] = message };
        Put(json, "users", users);
        Put(json, "channels", channels);
        using var content = new FormUrlEncodedContent(fields);
        switch (form)
        {
            case PrismForm.Get:
                await SettledAsync(await house.Gateway.Http.GetAsync(new Uri("/notification/send?" + await content.ReadAsStringAsync(), UriKind.Relative)));
                break;
            case PrismForm.Form:
                await SettledAsync(await house.Gateway.Http.PostAsync(new Uri("/notification/send", UriKind.Relative), content));
                break;
            case PrismForm.Json:
                await SettledAsync(await house.Gateway.Http.PostAsJsonAsync("/notification/send", json));
                break;
            case PrismForm.Tcp:
                // The door has committed all lines when it closes; a message by another door is asked for its outcome.
                await LineClient.SendAllAsync(house.Gateway.NetcatPort, json.ToJsonString() + "\n");
                await house.Gateway.SessionAsync("net", s => s.Text("queued") == "0", "has sent all");
                break;
        }
    }

    private static void Put(JsonObject json, string field, string[]? names)
    {
        if (names is not null)
        {
            json[field] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
        }
    }

    private async Task SettledAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            await house.Gateway.SettledAsync(answer.Headers.GetValues("X-Notification-Id").Single());
        }
    }

    /// <summary>Every target at which the text has arrived, sorted, as often as it has.</summary>
    private async Task<string> ReachedAsync(string text)
    {
        await house.Carol.SettleAsync();
        await house.Dave.SettleAsync();
        var seen = house.Carol.Messages.Entries.Concat(house.Dave.Messages.Entries).Where(m => m.Text == text).Select(m => m.Target);
        return string.Join(' ', seen.Order(StringComparer.Ordinal));
    }
}
