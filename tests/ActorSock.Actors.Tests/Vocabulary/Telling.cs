namespace ActorSock.EngineTests;

/// <summary>Ways to work a <see cref="Puppet"/>.</summary>
internal static class Telling
{
    /// <summary>Has the puppet do something while it handles this message.</summary>
    public static void Do(this IActorRef puppet, Action<Puppet> deed) =>
        puppet.Tell(deed, ActorRefs.NoSender);

    /// <summary>Makes the puppet fail.</summary>
    public static void Fail(this IActorRef puppet, string message = "boom") =>
        puppet.Tell(new InvalidOperationException(message), ActorRefs.NoSender);

    /// <summary>Has the puppet do something and returns what came of it.</summary>
    public static T Ask<T>(this IActorRef puppet, Func<Puppet, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        puppet.Do(p =>
        {
            try
            {
                answer.SetResult(question(p));
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        answer.Task.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue($"{puppet} does not answer");
        return answer.Task.Result;
    }
}
