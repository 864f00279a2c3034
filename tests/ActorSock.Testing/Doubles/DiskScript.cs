using ActorSock.Files;

namespace ActorSock.Testing.Doubles;

/// <summary>Writes down the steps of a disk, and makes some of them fail or wait.</summary>
internal sealed class DiskScript
{
    private readonly Lock _lock = new();
    private readonly List<(DiskStep Step, string Name)> _steps = [];
    private readonly List<(Func<DiskStep, string, bool> At, Action Does, bool Once)> _lines = [];

    public IFileStore Around(IFileStore real) => new AsksBeforeEach(real, Ask);

    /// <summary>What was done, or tried, in order.</summary>
    public IReadOnlyList<(DiskStep Step, string Name)> Steps
    {
        get
        {
            lock (_lock)
                return [.. _steps];
        }
    }

    public int Count(DiskStep step) => Steps.Count(each => each.Step == step);

    /// <summary>At each such step this is done before it.</summary>
    public void At(DiskStep step, Action does, string? name = null, bool once = false)
    {
        lock (_lock)
            _lines.Add(((each, of) => each == step && (name is null || name == of), does, once));
    }

    /// <summary>The next such step fails.</summary>
    public void FailOnce(DiskStep step, StorageFault fault, string? name = null) => At(step, () => throw Failure(fault, step), name, once: true);

    /// <summary>Each such step fails until <see cref="Mend"/>.</summary>
    public void Fail(DiskStep step, StorageFault fault) => At(step, () => throw Failure(fault, step));

    /// <summary>Such a step waits, the next one or each; those who come while it waits wait, too.</summary>
    public HeldStep Hold(DiskStep step, string? name = null, bool once = true)
    {
        var held = new HeldStep();
        At(step, held.Wait, name, once);
        return held;
    }

    /// <summary>From now on nothing fails, and nothing new waits.</summary>
    public void Mend()
    {
        lock (_lock)
            _lines.Clear();
    }

    private static StorageException Failure(StorageFault fault, DiskStep step) => new(fault, $"cannot {step}", "told to fail", "nothing");

    private void Ask(DiskStep step, string name)
    {
        List<(Func<DiskStep, string, bool> At, Action Does, bool Once)> due;
        lock (_lock)
        {
            _steps.Add((step, name));
            due = _lines.FindAll(line => line.At(step, name));
            _lines.RemoveAll(line => line.Once && due.Contains(line));
        }
        due.ForEach(line => line.Does());
    }
}

/// <summary>A step that waits until it is let go; at the latest when a test is over, whose node would wait for it.</summary>
internal sealed class HeldStep : IDisposable
{
    private readonly TaskCompletionSource _released = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the step has begun to wait.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Release() => _released.TrySetResult();

    public void Dispose() => Release();

    internal void Wait()
    {
        _reached.TrySetResult();
        _released.Task.Wait();
    }
}
