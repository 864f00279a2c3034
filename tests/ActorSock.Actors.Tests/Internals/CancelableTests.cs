using System.Runtime.CompilerServices;

namespace ActorSock.EngineTests.Internals;

public class CancelableTests : EngineTest
{
    [Fact]
    public void A_cancelable_lets_go_of_what_has_fired()
    {
        var cancelable = new Cancelable(Sys.Scheduler);

        var messages = Schedule(cancelable);
        for (var i = 0; i < messages.Count; i++)
            ExpectMsg<Message>();

        AwaitAssert(() =>
        {
            TestActor.Tell("something else than the last message");
            FishForMessage<string>(_ => true);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            messages.ShouldAllBe(message => !message.IsAlive);
        });
        GC.KeepAlive(cancelable);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> Schedule(Cancelable cancelable)
    {
        var messages = new List<WeakReference>();
        for (var i = 0; i < 50; i++)
        {
            var message = new Message();
            messages.Add(new WeakReference(message));
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), TestActor, message,
                ActorRefs.NoSender, cancelable);
        }
        return messages;
    }

    private sealed class Message;
}
