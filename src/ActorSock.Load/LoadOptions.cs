using ActorSock.Client;
using ActorSock.Load.Driving;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load;

/// <summary>Says what a load test is to do beside its scenario.</summary>
internal sealed record LoadOptions
{
    public required Scenario Scenario { get; init; }

    public required Target Target { get; init; }

    public required IPhases Phases { get; init; }

    /// <summary>For a node that challenges those who connect; null for one that does not.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>The root of the node, when it is on this machine and its files are to be compared there.</summary>
    public string? Root { get; init; }

    /// <summary>The address of the node, when it speaks the native protocol; null when it does not.</summary>
    public string? NativeAddress { get; init; }

    /// <summary>Of how many files the bytes are fetched, where the node alone is asked.</summary>
    public int SampleCount { get; init; } = 100;

    /// <summary>Whether the files stay on the node.</summary>
    public bool Keeps { get; init; }

    /// <summary>Whether acknowledgements are checked at all.</summary>
    public bool HasProof { get; init; } = true;

    /// <summary>Threads that drive connections.</summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Is told how it goes, about once a second.</summary>
    public Action<LoadStatus> Watch { get; init; } = _ => { };

    /// <summary>Makes what drivers wait with; null for the best that the system has.</summary>
    public Func<IReadiness>? NewReadiness { get; init; }
}
