using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ActorSock.Tests.Chaos;

/// <summary>Remembers what peers sent, and what they were told of it.</summary>
internal sealed class SentUploads
{
    private readonly ConcurrentDictionary<string, string> _digests = new();
    private readonly ConcurrentBag<string> _acknowledged = [];

    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>An upload that may come to be stored; each has a name of its own.</summary>
    public void Begin(string name, byte[] body) => _digests.TryAdd(name, Md5(body)).ShouldBeTrue(name);

    public void Acknowledge(string name) => _acknowledged.Add(name);

    public string DigestOf(string name) => _digests[name];

    public bool IsWhole(string name, byte[] content) => _digests.TryGetValue(name, out var digest) && digest == Md5(content);

    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
}
