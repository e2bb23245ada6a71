// Command controlplane is everything of a Kubernetes control plane that a rehearsal needs, in one
// binary: linking the programs together costs a quarter of their separate sizes, and one build.
//
// It runs as `controlplane kube-apiserver --flag …`, or under the program's own name through a link
// (`kubectl get pods` where kubectl is a link to this binary).
package main

import (
	"fmt"
	"os"
	"path/filepath"

	// CronJobs name time zones, and a rehearsal's hosts may have no zone files.
	_ "time/tzdata"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

// A program's command is made only once it is chosen: the feature gates of all programs live in one
// process-wide registry, and making two commands would register some of them twice.
var programs = map[string]func(){
	"etcd": func() { etcdmain.Main(os.Args) },
	"kube-apiserver": func() {
		serve(apiserver.NewAPIServerCommand())
	},
	"kube-controller-manager": func() {
		serve(controllermanager.NewControllerManagerCommand())
	},
	"kube-scheduler": func() {
		serve(scheduler.NewSchedulerCommand())
	},
	"kubectl": func() {
		// kubectl words its own errors, so nothing may be printed a second time.
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlutil.CheckErr(err)
		}
	},
}

const usage = "usage: controlplane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl [flags]"

func main() {
	if run, ok := programs[filepath.Base(os.Args[0])]; ok {
		run()
		return
	}
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	run, ok := programs[os.Args[1]]
	if !ok {
		fmt.Fprintf(os.Stderr, "controlplane: no program is called %q\n%s\n", os.Args[1], usage)
		os.Exit(2)
	}
	// From here on the program sees itself called by its own name, as in its documentation.
	os.Args = os.Args[1:]
	run()
}

func serve(command *cobra.Command) { os.Exit(cli.Run(command)) }
