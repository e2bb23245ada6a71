{{/* A Pod template of Argo CD's own image: component, container, resources, further container fields. */}}
{{- define "argocd.pods" -}}
metadata:
  labels: { app.kubernetes.io/name: {{ .name }}, app.kubernetes.io/instance: {{ .root.Release.Name }} }
spec:
  serviceAccountName: {{ .account | default .name }}
  {{- if hasKey . "token" }}
  automountServiceAccountToken: {{ .token }}
  {{- end }}
  nodeSelector: {{ toJson .root.Values.global.nodeSelector }}
  affinity:
    podAntiAffinity:
      {{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" (dict "app.kubernetes.io/name" .name)) }}
      {{- if eq .root.Values.global.affinity.podAntiAffinity "hard" }}
      requiredDuringSchedulingIgnoredDuringExecution: [{{ toJson $term }}]
      {{- else }}
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: {{ toJson $term }} }]
      {{- end }}
  {{- with .init }}
  initContainers: {{ toJson . }}
  {{- end }}
  containers:
    - name: {{ .container }}
      image: {{ .image | default "quay.io/argoproj/argocd:v3.4.4" }}
      resources: {{ toJson .resources }}
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: [ALL] }, seccompProfile: { type: RuntimeDefault } }
{{- end }}
{{- define "argocd.budget" -}}
{{- if .of.pdb.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: {{ .name }}, namespace: {{ .root.Release.Namespace }} }
spec:
  {{- with .of.pdb.minAvailable }}
  minAvailable: {{ . }}
  {{- end }}
  {{- with .of.pdb.maxUnavailable }}
  maxUnavailable: {{ . }}
  {{- end }}
  selector: { matchLabels: { app.kubernetes.io/name: {{ .name }} } }
{{- end }}
{{- end }}
