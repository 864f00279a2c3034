using System.Runtime.InteropServices;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>Ends conversations that nobody would end: those of a service with another that answers whatever it is told.</summary>
/// <remarks>
/// A forged datagram can begin such a conversation, and nothing in it tells the other service from a client that waits for each answer and
/// sends the next question, but that it never repeats what got lost. So one datagram is dropped after very many without a pause: a client
/// repeats it, or misses one answer in a million; the datagram that was going round is gone. Where it looks like an answer that has
/// come back, few rounds will do. What is slower than a rate that harms nobody is not counted: time makes up for it. The table is of fixed size: sources that fall on the same place are counted together, so
/// that no number of forged ones makes it forget a loop.
/// </remarks>
internal sealed class DatagramRounds(ListenerSettings limits, TimeProvider clock)
{
    private const int PlacesBits = 12;

    private readonly Place[] _places = new Place[1 << PlacesBits];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64() << 1 | 1;
    private readonly long _pause = (long)(limits.UdpPause.TotalSeconds * clock.TimestampFrequency);
    private readonly double _harmlessPerTick = (double)limits.UdpHarmlessASecond / clock.TimestampFrequency;

    private struct Place
    {
        public double Answers, Echoes;
        public long LastAt;
    }

    /// <summary>Whether the next datagram is to be answered.</summary>
    /// <param name="source">from where it is, as the system writes it</param>
    /// <param name="isEcho">whether it could be an answer that has come back</param>
    /// <param name="now">the clock's timestamp</param>
    public bool TryAnswer(ReadOnlySpan<byte> source, bool isEcho, long now)
    {
        ref var place = ref _places[HashOf(source) >> (64 - PlacesBits)];
        if (now - place.LastAt > _pause)
            (place.Answers, place.Echoes) = (0, 0);
        var harmless = (now - place.LastAt) * _harmlessPerTick;
        place.LastAt = now;
        if (isEcho && Count(ref place.Echoes, harmless) > limits.UdpEchoesMax)
        {
            place.Echoes = 0;
            return false;
        }
        if (Count(ref place.Answers, harmless) > limits.UdpAnswersMax)
        {
            place.Answers = 0;
            return false;
        }
        return true;
    }

    /// <summary>One more, without those that time has made up for.</summary>
    private static double Count(ref double count, double harmless) => count = Math.Max(count - harmless, 0) + 1;

    private ulong HashOf(ReadOnlySpan<byte> source)
    {
        var hash = _seed;
        for (; source.Length >= sizeof(ulong); source = source[sizeof(ulong)..])
            hash = (hash ^ MemoryMarshal.Read<ulong>(source)) * 0x9E37_79B9_7F4A_7C15 ^ hash >> 32;
        foreach (var b in source)
            hash = (hash ^ b) * 0x9E37_79B9_7F4A_7C15;
        return hash;
    }
}
