using System.Runtime.InteropServices;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>A signal that ends a run: servers are killed, what was under way fails, and everything is cleaned up.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals;

    public Interrupt() => _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _source.Cancel();
        }))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        _source.Dispose();
    }
}
