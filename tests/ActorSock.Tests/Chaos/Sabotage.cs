using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;

namespace ActorSock.Tests.Chaos;

/// <summary>Fails steps of the disk and actors of the node, at moments that are counted in steps of the disk.</summary>
internal sealed class Sabotage
{
    private static readonly string[] s_actors = ["lanes-0", "lanes-1", "journal", "journal/checkpoints"];

    private static readonly (DiskStep Step, StorageFault Fault, int Often)[] s_faults =
    [
        (DiskStep.Create, StorageFault.DiskFull, 40), (DiskStep.Write, StorageFault.DiskFull, 100),
        (DiskStep.Seal, StorageFault.Failed, 30), (DiskStep.Store, StorageFault.DiskFull, 60),
        (DiskStep.Store, StorageFault.Failed, 60), (DiskStep.PublishPart, StorageFault.NameTaken, 40),
        (DiskStep.SyncFolder, StorageFault.Failed, 30), (DiskStep.SyncAll, StorageFault.Failed, 10),
        (DiskStep.LogWrite, StorageFault.Failed, 40), (DiskStep.LogSync, StorageFault.Failed, 40),
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<(DiskStep, int), StorageFault> _faultOf = [];
    private readonly Dictionary<int, string> _kills = [];
    private readonly Dictionary<DiskStep, int> _done = [];
    private readonly List<string> _happened = [];
    private readonly int _drainAt = int.MaxValue;
    private TestNode? _node;
    private int _steps;

    public Sabotage(Random random, Trouble trouble)
    {
        if (trouble.HasFlag(Trouble.Disk))
        {
            foreach (var (step, fault, often) in s_faults.Where(_ => random.Next(2) == 0))
                _faultOf[(step, random.Next(1, often))] = fault;
        }
        if (trouble.HasFlag(Trouble.Actors))
        {
            for (var kills = random.Next(1, 7); kills > 0; kills--)
                _kills[random.Next(1, 400)] = s_actors[random.Next(s_actors.Length)];
        }
        if (trouble.HasFlag(Trouble.Drain))
            _drainAt = random.Next(1, 300);
    }

    public IFileStore Around(IFileStore real) => new AsksBeforeEach(real, Ask);

    /// <summary>From now on; a node that starts is left in peace.</summary>
    public void Begin(TestNode node)
    {
        lock (_lock)
            _node = node;
    }

    /// <summary>The disk is well again.</summary>
    public void End()
    {
        lock (_lock)
            _node = null;
    }

    public override string ToString()
    {
        lock (_lock)
            return $"{_steps} steps, {string.Join(", ", _happened)}";
    }

    private void Ask(DiskStep step, string name)
    {
        lock (_lock)
        {
            if (_node is null)
                return;
            if (_kills.TryGetValue(++_steps, out var actor))
            {
                _happened.Add($"killed {actor}");
                _node.Node.System.ActorSelection($"/user/server/{actor}").Tell(Kill.Instance, ActorRefs.NoSender);
            }
            if (_steps == _drainAt)
            {
                _happened.Add("drained");
                _ = _node.Node.Drain("in the middle");
            }
            var count = _done[step] = _done.GetValueOrDefault(step) + 1;
            if (!_faultOf.TryGetValue((step, count), out var fault))
                return;
            _happened.Add($"{fault} at {step} {count} of {name}");
            throw new StorageException(fault, $"cannot {step} '{name}'", "told to fail", "nothing");
        }
    }
}
