// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Push') {
            when { buildingTag() }
            environment {
                REGISTRY = credentials('registry-push')
            }
            steps {
                sh 'echo "$REGISTRY_PSW" | docker login -u "$REGISTRY_USR" --password-stdin images.acme.example'
            }
        }
    }
}
