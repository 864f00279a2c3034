using System.Runtime.InteropServices;

namespace ActorSock.Digests.Kernels;

/// <summary>Says that a kernel works on one vector of lanes. Its size is the number of vectors.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct OneGroup;

/// <summary>Says that a kernel works on two vectors of lanes by turns. Its size is the number of
/// vectors.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct TwoGroups;
