using System.Runtime.CompilerServices;

namespace ActorSock.EngineTests;

/// <summary>
/// What is not needed any more can be collected. Alone in the process while they run, because they look
/// at its heap.
/// </summary>
[Collection(nameof(Alone))]
public class MemoryTests : EngineTest
{
    [Fact]
    public void A_stopped_actor_can_be_collected_though_its_reference_is_kept()
    {
        var (reference, actor) = StartAndStop(restart: false);

        AwaitCollected(actor);
        GC.KeepAlive(reference);
    }

    [Fact]
    public void An_instance_that_was_replaced_by_a_restart_can_be_collected()
    {
        var (reference, actor) = StartAndStop(restart: true);

        AwaitCollected(actor);
        GC.KeepAlive(reference);
    }

    [Fact]
    public void A_parent_keeps_nothing_of_children_that_have_stopped()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));

        var children = StartAndStopChildren(parent);

        AwaitAssert(() => parent.Ask(p => p.Surroundings.GetChildren().Any()).ShouldBeFalse());
        foreach (var child in children)
            AwaitCollected(child);
    }

    [Fact]
    public void Handled_messages_can_be_collected_while_their_actor_is_idle()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        var messages = SendMany(puppet, 1_000);
        Settle(puppet);

        foreach (var message in messages)
            AwaitCollected(message);
        GC.KeepAlive(puppet);
    }

    [Fact]
    public void A_mailbox_that_once_held_100_000_messages_does_not_stay_large()
    {
        const int count = 100_000, bytesEach = 16; // a message and its sender
        var puppet = Start(new Role("a", ActorRefs.Nobody));
        Settle(puppet);
        var before = Heap();
        var full = Fill(puppet, count);
        (full - before).ShouldBeGreaterThan(count * bytesEach / 2); // what follows would show nothing otherwise
        Settle(puppet);

        AwaitAssert(() =>
        {
            Settle(puppet);
            (Heap() - before).ShouldBeLessThan(count * bytesEach / 4);
        });
        GC.KeepAlive(puppet);
    }

    private long Fill(IActorRef puppet, int count)
    {
        using var gate = new Gate();
        puppet.Do(_ => gate.Pass());
        gate.AwaitReached();
        for (var i = 0; i < count; i++)
            puppet.Tell(Same, ActorRefs.NoSender);
        return Heap();
    }

    private static readonly Action<Puppet> Same = static _ => { };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (IActorRef Reference, WeakReference Actor) StartAndStop(bool restart)
    {
        var puppet = Start(new Role("a", TestActor));
        ExpectMsg("a#1 PreStart");
        var actor = puppet.Ask(p => new WeakReference(p));
        if (restart)
        {
            puppet.Fail();
            FishForMessage<string>(s => s == "a#2 PreStart");
        }
        else
        {
            Watch(puppet);
            Sys.Stop(puppet);
            ExpectMsg("a#1 PostStop");
            ExpectTerminated(puppet);
        }
        return (puppet, actor);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> StartAndStopChildren(IActorRef parent) => parent.Ask(p =>
    {
        var children = new List<WeakReference>();
        for (var i = 0; i < 10; i++)
        {
            var child = p.Start(new Role($"child{i}", ActorRefs.Nobody));
            children.Add(new WeakReference(child));
            p.Surroundings.Stop(child);
        }
        return children;
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> SendMany(IActorRef actor, int count)
    {
        var messages = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            var message = new object();
            messages.Add(new WeakReference(message));
            actor.Tell(message, ActorRefs.NoSender);
        }
        return messages;
    }

    private void AwaitCollected(WeakReference what) => AwaitAssert(() =>
    {
        Heap();
        what.IsAlive.ShouldBeFalse();
    });

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
