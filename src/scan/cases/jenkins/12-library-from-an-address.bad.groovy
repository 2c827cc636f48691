// finds: unpinned-import
// --- Jenkinsfile
library identifier: "tools@${params.LIBRARY_VERSION}", retriever: modernSCM([
    $class: 'GitSCMSource',
    remote: 'https://git.example.com/tools/pipeline.git'
])

timeout(30) {
    node('linux') {
        stage('Build') { sh 'make' }
    }
}
