using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorSock.Load;

/// <summary>Compiles what drives connections before the clock runs: the first latencies are to be the node's, not the compiler's.</summary>
internal static class Warming
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_rooms = ["Bodies", "Driving", "Measures", "Pace"];

    public static void Compile()
    {
        foreach (var type in typeof(Warming).Assembly.GetTypes())
        {
            if (type.ContainsGenericParameters || !s_rooms.Any(room => type.Namespace == $"{typeof(Warming).Namespace}.{room}")) continue;
            foreach (var method in type.GetMethods(All))
                if (!method.IsAbstract && !method.ContainsGenericParameters) RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }
}
