{{/* A Pod template: name, image below the registry, settings, and whether each Pod needs a host of its own. */}}
{{- define "pods" -}}
metadata:
  labels: { app: {{ .name }} }
spec:
  serviceAccountName: kubesphere
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{ toJson . }}
  {{- end }}
  tolerations: {{ toJson .root.Values.tolerations }}
  {{- if .hard }}
  affinity:
    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector: { matchLabels: { app: {{ .name }} } }
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ .root.Values.global.imageRegistry }}/kubesphere/{{ .image }}
      {{- with .resources }}
      resources: {{ toJson . }}
      {{- end }}
      volumeMounts: [{ name: host-time, mountPath: /etc/localtime, readOnly: true }]
  volumes: [{ name: host-time, hostPath: { path: /etc/localtime, type: "" } }]
{{- end }}
