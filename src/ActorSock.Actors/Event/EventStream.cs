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
    private readonly ConcurrentDictionary<Type, IActorRef[]> _byEvent = new();
    private (Type Channel, IActorRef Subscriber)[] _subscriptions = [];

    public EventStream(bool debug)
    {
        _ = debug; // Akka's switch for logging subscriptions; nothing here is worth a line
    }

    /// <summary>False when the subscriber already gets events of this type.</summary>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        return Change(all => all.Contains((channel, subscriber)) ? all : [.. all, (channel, subscriber)]);
    }

    public virtual bool Unsubscribe(IActorRef subscriber, Type channel) =>
        Change(all => [.. all.Where(s => s != (channel, subscriber))]);

    public virtual bool Unsubscribe(IActorRef subscriber) =>
        Change(all => [.. all.Where(s => !s.Subscriber.Equals(subscriber))]);

    public override void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        foreach (var subscriber in _byEvent.GetOrAdd(@event.GetType(), static (type, self) => self.SubscribersOf(type), this))
        {
            if (subscriber is ISystemRef { IsTerminated: true })
                Unsubscribe(subscriber);
            else
                subscriber.Tell(@event, ActorRefs.NoSender);
        }
    }

    private IActorRef[] SubscribersOf(Type type)
    {
        lock (_lock)
            return [.. _subscriptions.Where(s => s.Channel.IsAssignableFrom(type)).Select(s => s.Subscriber).Distinct()];
    }

    private bool Change(Func<(Type Channel, IActorRef Subscriber)[], (Type, IActorRef)[]> change)
    {
        lock (_lock)
        {
            var before = _subscriptions;
            _subscriptions = change(before);
            if (_subscriptions.Length == before.Length)
                return false;
            _byEvent.Clear();
            return true;
        }
    }
}

public static class EventStreamExtensions
{
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
