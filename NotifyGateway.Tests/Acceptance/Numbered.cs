using System.Globalization;
using System.Net;
using NotifyGateway.Tests.Support;
using Xunit;
using Xunit.Sdk;

namespace NotifyGateway.Tests.Acceptance;

/// <summary>A stream of numbered messages to one channel, one after the other, so that their order is known; and what has become of it.</summary>
/// <param name="padding">Bytes that each message is longer than it need be.</param>
internal sealed class Numbered(Installation gateway, string channel, string network = "net", int padding = 0)
{
    private int _next;

    public string Channel => channel;

    /// <summary>The numbers that were answered by 202.</summary>
    public List<int> Accepted { get; } = [];

    /// <summary>How many were answered by now. May be read from any thread.</summary>
    public int Count => Volatile.Read(ref _next);

    public static string Text(string channel, int number) => string.Create(CultureInfo.InvariantCulture, $"{channel} number {number}");

    /// <summary>Posts until so many have been tried in all, or until the gateway does not take any.</summary>
    public async Task PostAsync(int until)
    {
        while (_next < until)
        {
            try
            {
                using var answer = await gateway.TryPostAsync([$"{network}/{channel}"], Padded(_next));
                if (answer.StatusCode != HttpStatusCode.Accepted)
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                    return;
                }

                Accepted.Add(_next);
            }
            catch (HttpRequestException)
            {
                // Killed. Whether it was stored nobody knows, so it does not count.
                return;
            }
            finally
            {
                Volatile.Write(ref _next, _next + 1);
            }
        }
    }

    /// <summary>Sends so many more messages of each stream to irker's door at once; returns when all are on disk.</summary>
    /// <param name="url">The network's URL, with a slash at its end.</param>
    public static async Task PourAsync(Installation gateway, IReadOnlyList<Numbered> streams, string url, int count)
    {
        await gateway.IrkerAsync([.. Enumerable.Range(0, count).SelectMany(n => streams.Select(s => Installation.Irker(url + s.Channel[1..], s.Padded(s._next + n))))]);
        foreach (var stream in streams)
        {
            stream.Accepted.AddRange(Enumerable.Range(stream._next, count));
            Volatile.Write(ref stream._next, stream._next + count);
        }
    }

    /// <inheritdoc cref="AllSeenAsync(Func{IEnumerable{WatchedMessage}})"/>
    public static async Task<int> AllSeenAsync(IEnumerable<Numbered> streams, Func<IEnumerable<WatchedMessage>> seen)
    {
        var repeats = 0;
        foreach (var stream in streams)
        {
            repeats += await stream.AllSeenAsync(seen);
        }

        return repeats;
    }

    /// <summary>
    /// Waits until everything accepted has been seen, and checks that each number came first after all smaller ones. Returns how many came
    /// more than once.
    /// </summary>
    /// <param name="seen">All that was seen, by however many watchers, each in its order.</param>
    public async Task<int> AllSeenAsync(Func<IEnumerable<WatchedMessage>> seen)
    {
        IEnumerable<int> Numbers() => seen().Where(m => string.Equals(m.Target, channel, StringComparison.Ordinal)).Select(Number);
        try
        {
            await Deadline.Poll(_ => Task.FromResult(Accepted.TrueForAll(Numbers().ToHashSet().Contains)), $"everything accepted for {channel} arrives", TimeSpan.FromSeconds(20));
        }
        catch (XunitException late)
        {
            throw new XunitException($"{late.Message}; missing: {string.Join(' ', Accepted.Except(Numbers()))}", late);
        }

        var numbers = Numbers().ToList();
        var first = numbers.Distinct().ToList();
        Assert.Equal(first.Order(), first);
        return numbers.Count - first.Count;
    }

    private int Number(WatchedMessage message)
    {
        var words = message.Text.Split(" number ");
        Assert.Equal(channel, words[0]);
        return int.Parse(words[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private string Padded(int number) => Text(channel, number) + (padding > 0 ? " " + new string('.', padding - 1) : "");
}
