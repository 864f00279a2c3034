namespace ActorSock.Load.Measures;

/// <summary>Holds one stretch of a <see cref="Timeline"/>.</summary>
internal sealed class TimelineRow(TimeSpan begin)
{
    /// <summary>Since the beginning of the run.</summary>
    public TimeSpan Begin { get; } = begin;

    public TimeSpan End { get; private set; } = begin;

    /// <summary>How many samples it stands for.</summary>
    public int Samples { get; private set; }

    public Interval Happened { get; } = new();

    /// <summary>The most connections that were open at the end of a sample.</summary>
    public int Connections { get; private set; }

    public double FilesPerSecond => PerSecond(Happened.Files);

    public double BytesPerSecond => PerSecond(Happened.Bytes);

    internal void Add(TimeSpan end, Interval happened, int connections)
    {
        End = end;
        Samples++;
        Happened.Add(happened);
        Connections = Math.Max(Connections, connections);
    }

    internal void Add(TimelineRow next)
    {
        Add(next.End, next.Happened, next.Connections);
        Samples += next.Samples - 1;
    }

    private double PerSecond(long count) => End > Begin ? count / (End - Begin).TotalSeconds : 0;
}
