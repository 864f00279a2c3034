using System.CommandLine;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Shows a person how transfers go: bars where there is a terminal, elsewhere a line now and then. Results go to standard
/// output, all else to standard error.</summary>
/// <param name="console">Where to.</param>
internal sealed class TransferScreen(InvocationConfiguration console) : IObserver<TransferProgress>
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(15), s_betweenTroubles = TimeSpan.FromSeconds(1);

    private readonly TransferBars? _bars = TransferBars.OnTerminal(console);
    private readonly Dictionary<long, Seen> _seen = [];
    private readonly Dictionary<string, long> _resumed = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private (string? Problem, long Time) _lastTrouble;

    /// <summary>Does something while it is shown.</summary>
    public async Task<T> ShowAsync<T>(NodeClient client, Func<Task<T>> act)
    {
        using var watching = client.Transfers.Subscribe(this);
        return _bars is null ? await act() : await _bars.ShowAsync(act);
    }

    /// <summary>Writes what a program, or a person with a pipe, wants to have.</summary>
    public void Result(string line)
    {
        lock (_gate)
            if (Console.IsOutputRedirected || _bars?.TryWriteLine(line) != true)
                Results.WriteLine(console.Output, line);
    }

    /// <summary>Writes what is for a person alone.</summary>
    public void Note(string line)
    {
        lock (_gate)
            if (_bars?.TryWriteLine(line) != true)
                console.Error.WriteLine(line);
    }

    /// <summary>How many bytes of a file were there when its first attempt began.</summary>
    public long ResumedBytes(string name)
    {
        lock (_gate) return _resumed.GetValueOrDefault(name);
    }

    public void OnNext(TransferProgress value)
    {
        if (!_seen.TryGetValue(value.Transfer, out var seen))
            _seen[value.Transfer] = seen = new Seen(TimeProvider.System.GetTimestamp(), new TransferRate(TimeProvider.System));
        var name = Escaping.Printable(value.Name);
        if (value.ResumedBytes > 0 && seen.ResumedBytes == 0)
        {
            if (value.Attempt == 1)
                lock (_gate) _resumed[value.Name] = value.ResumedBytes;
            Note($"'{name}' goes on at byte {value.ResumedBytes}{(value.TotalBytes is { } total ? $" of {total}" : "")}");
            seen.Rate.StartAt(value.DoneBytes);
        }
        if (value.State == TransferState.Waiting && seen.State != TransferState.Waiting) Trouble(value, name);
        (seen.ResumedBytes, seen.State) = (value.ResumedBytes, value.State);
        if (_bars is not null) _bars.Show(value, seen.Rate);
        else ShowLine(value, name, seen);
        if (value.State is TransferState.Done or TransferState.Failed) _seen.Remove(value.Transfer);
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    // When a connection is lost that many files share, once is enough.
    private void Trouble(TransferProgress progress, string name)
    {
        var (problem, time) = _lastTrouble;
        if (problem == progress.Problem && TimeProvider.System.GetElapsedTime(time) < s_betweenTroubles) return;
        _lastTrouble = (progress.Problem, TimeProvider.System.GetTimestamp());
        Note($"'{name}': {Escaping.Printable(progress.Problem ?? "it failed")}: trying again");
    }

    private void ShowLine(TransferProgress progress, string name, Seen seen)
    {
        if (progress.State != TransferState.Moving || TimeProvider.System.GetElapsedTime(seen.Told) < TransferBars.Between) return;
        seen.Told = TimeProvider.System.GetTimestamp();
        seen.Rate.Tell(progress.DoneBytes);
        if (TimeProvider.System.GetElapsedTime(seen.Shown) < s_betweenLines) return;
        seen.Shown = seen.Told;
        var total = progress.TotalBytes is { } bytes ? $" of {ByteSize.Of(bytes)}" : "";
        var rate = seen.Rate.BytesPerSecond is { } speed ? $", {ByteSize.Of(speed)}/s" : "";
        var left = progress.TotalBytes is { } whole && seen.Rate.Left(whole) is { } time ? $", {ByteSize.Of(time)} left" : "";
        Note($"'{name}': {ByteSize.Of(progress.DoneBytes)}{total}{rate}{left}");
    }

    private sealed class Seen(long shown, TransferRate rate)
    {
        public TransferRate Rate { get; } = rate;

        public long Shown { get; set; } = shown;

        public long Told { get; set; }

        public long ResumedBytes { get; set; }

        public TransferState State { get; set; }
    }
}
