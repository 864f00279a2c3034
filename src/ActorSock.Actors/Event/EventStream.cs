using System.Collections.Concurrent;

namespace ActorSock.Actors.Event;

/// <summary>What loggers listen on.</summary>
public abstract class LoggingBus
{
    private protected LoggingBus()
    {
    }

    public LogLevel LogLevel { get; private set; } = LogLevel.InfoLevel;

    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    public abstract void Publish(object @event);
}

/// <summary>Publishes by type: a subscriber of a type gets everything that is an instance of it.</summary>
public class EventStream : LoggingBus
{
    private readonly Lock _lock = new();
    private volatile Subscriptions _subscriptions = new([]);

    public EventStream(bool debug)
    {
        _ = debug; // Akka's switch for logging subscriptions; nothing here is worth a line
    }

    /// <summary>False when the subscriber already gets events of this type.</summary>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_lock)
        {
            var all = _subscriptions.All;
            if (all.Contains((channel, subscriber)))
                return false;
            // Subscribers that died are found when something is published for them: that may be never.
            _subscriptions = new([.. all.Where(s => !IsDead(s.Subscriber)), (channel, subscriber)]);
            return true;
        }
    }

    public virtual bool Unsubscribe(IActorRef subscriber, Type channel) => Remove(s => s == (channel, subscriber));

    public virtual bool Unsubscribe(IActorRef subscriber) => Remove(s => s.Subscriber.Equals(subscriber));

    public override void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var subscriber in _subscriptions.To(@event.GetType()))
        {
            if (IsDead(subscriber))
                Unsubscribe(subscriber);
            else
                subscriber.Tell(@event, ActorRefs.NoSender);
        }
    }

    private static bool IsDead(IActorRef subscriber) => subscriber is ISystemRef { IsTerminated: true };

    private bool Remove(Predicate<(Type Channel, IActorRef Subscriber)> match)
    {
        lock (_lock)
        {
            var before = _subscriptions.All;
            var left = Array.FindAll(before, s => !match(s));
            if (left.Length == before.Length)
                return false;
            _subscriptions = new(left);
            return true;
        }
    }

    /// <summary>All subscriptions at one time, and what was worked out from them; a change replaces both together.</summary>
    private sealed class Subscriptions((Type Channel, IActorRef Subscriber)[] all)
    {
        private readonly ConcurrentDictionary<Type, IActorRef[]> _byEvent = new();

        public (Type Channel, IActorRef Subscriber)[] All => all;

        public IActorRef[] To(Type type) => _byEvent.GetOrAdd(type, static (type, all) =>
            [.. all.Where(s => s.Channel.IsAssignableFrom(type)).Select(s => s.Subscriber).Distinct()], all);
    }
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
