namespace ActorSock.EngineTests.Parity.Samples;

/// <summary>Types with one of each thing that can be compared.</summary>
public interface ISample
{
    void Do(params object[] all);
}

public abstract class Sample : ISample, IDisposable
{
    public static readonly IReadOnlyList<long> Sizes = [];

    protected Sample(int count) => Count = count;

    public enum Kind
    {
        Small,
        Large,
    }

    public abstract string Title { get; }

    public int Count { get; set; }

    public void Do(params object[] all) => Count = all.Length;

    public void Try(out Kind kind) => kind = Kind.Small;

    public void Dispose() => GC.SuppressFinalize(this);

    protected virtual TimeSpan? Wait<T>(Func<T, bool> until, string hint = "", int? times = null) => null;

    public override string ToString() => Title;
}

public static class SampleExtensions
{
    public static void Twice(this ISample sample, bool really = true)
    {
        sample.Do(really);
        sample.Do(really);
    }
}
