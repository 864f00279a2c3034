using System.Collections.Concurrent;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

/// <summary>A keyboard that a test types on.</summary>
internal sealed class TypedKeys : IKeyboard
{
    private readonly BlockingCollection<string> _typed = [];

    public event Action? Changed;

    public int Interrupts { get; private set; }

    public bool IsReleased { get; private set; }

    public void Type(params string[] keys) => _typed.Add(string.Concat(keys));

    public void HangUp() => _typed.CompleteAdding();

    public void Resize() => Changed?.Invoke();

    public bool Read(List<KeyPress> keys)
    {
        if (!_typed.TryTake(out var sent, Timeout.Infinite)) return false;
        keys.AddRange(Keys.Of(sent));
        return true;
    }

    public void Interrupt() => Interrupts++;

    public void Suspend() { }

    public void Dispose() => IsReleased = true;
}
