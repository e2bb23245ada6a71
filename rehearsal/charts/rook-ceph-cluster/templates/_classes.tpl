{{/* A class of volumes: class, driver, parameters of its own, and the root. */}}
{{- define "volume-class" -}}
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: {{ .class.name }}
  annotations: { storageclass.kubernetes.io/is-default-class: {{ .class.isDefault | quote }} }
provisioner: {{ .root.Values.operatorNamespace }}.{{ .driver }}.csi.ceph.com
parameters: {{ merge (dict "clusterID" .root.Release.Namespace) .own .class.parameters | toJson }}
reclaimPolicy: {{ .class.reclaimPolicy }}
allowVolumeExpansion: {{ .class.allowVolumeExpansion }}
volumeBindingMode: {{ .class.volumeBindingMode }}
{{- end -}}
{{/* A class of snapshots: class, driver and the root. */}}
{{- define "snapshot-class" -}}
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshotClass
metadata:
  name: {{ .class.name }}
  annotations: { snapshot.storage.kubernetes.io/is-default-class: {{ .class.isDefault | quote }} }
driver: {{ .root.Values.operatorNamespace }}.{{ .driver }}.csi.ceph.com
parameters:
  clusterID: {{ .root.Release.Namespace }}
  csi.storage.k8s.io/snapshotter-secret-name: rook-csi-{{ .driver }}-provisioner
  csi.storage.k8s.io/snapshotter-secret-namespace: {{ .root.Release.Namespace }}
deletionPolicy: {{ .class.deletionPolicy }}
{{- end -}}
